databases = {
    "reports": "aurora",  # new questions, and joins
    "panel": "dynamodb",  # by id; and whoever asks every five seconds keeps Aurora awake
    "salaries": "aurora",  # more than 100 items, all or none
    "sale": "dynamodb",  # known questions, by key, and 300 instances that need no connection
    "carts": "dynamodb",  # by key, they expire, and nobody waits for a database to wake
    "beginning": "aurora",  # tables can be changed, a key cannot
}
