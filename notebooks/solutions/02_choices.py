choices = {
    "photos": "standard",  # any order does, and a copy made twice is the same copy
    "accounts": "fifo",  # the group is the account
    "departments": "neither",  # three receivers, three copies: a topic in front of three queues (05)
    "sensors": "standard",  # each reading says itself when it was
    "games": "fifo",  # the group is the game
    "once": "neither",  # it takes a consumer that knows what it has done (2.2, 09)
}
