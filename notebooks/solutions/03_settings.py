settings = {
    "VisibilityTimeout": "120",  # longer than 99 in 100 processing times, and shorter than five minutes
    "ReceiveMessageWaitTimeSeconds": "20",  # the longest poll is the cheapest, and delays nothing
    "MessageRetentionPeriod": str(4 * 24 * 3600),  # longer than a weekend, and shorter than a week
    "DelaySeconds": "60",  # the minute in which a customer may withdraw
}
