"""What labkit.plots.signing says."""

SECRET = "secret\naccess key"
PARTS = ("date", "region\n{region}", "service\n{service}", "the word\naws4_request")
SIGNING_KEY = "signing key"
REQUEST = "the request:\nmethod, path, headers,\nhash of the body"
SIGNATURE = "signature"
HMAC = "HMAC"
STAYS = "never leaves your computer"
TRAVELS = "travels\nwith the request"
ALT = (
    "From left to right: the secret access key goes through HMAC four times, with the date, the region {region}, the "
    "service {service} and the word aws4_request, and has become the signing key. A fifth HMAC, with the signing key "
    "and the text of the request, gives the signature. Only the request, those four words and the signature travel; "
    "the secret and the keys made from it stay."
)
