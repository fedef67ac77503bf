"""The exercises of 01: sign a request, outlive a session, allow no more than needed, find a leak."""

from labkit.checks.finding_leaks import find
from labkit.checks.least_privilege import allow
from labkit.checks.renewing import renew
from labkit.checks.signed_headers import sign

EXERCISES = (sign, renew, allow, find)
