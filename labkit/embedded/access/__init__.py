"""Who may talk to the embedded AWS, and what they may do there: signatures, keys, sessions and policies, as on AWS."""
