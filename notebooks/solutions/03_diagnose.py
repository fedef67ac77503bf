from collections.abc import Mapping, Sequence


def diagnose(metrics: Mapping[str, Sequence[float]]) -> str:
    """Return one of the six words of the table above.

    `metrics` is what `metrics_of` returns: for each name a list of 60 numbers, the latest last.
    """
    waiting = metrics["ApproximateNumberOfMessagesVisible"]
    in_flight = metrics["ApproximateNumberOfMessagesNotVisible"]
    sent, received, deleted = (sum(metrics[f"NumberOfMessages{what}"]) for what in ("Sent", "Received", "Deleted"))
    asked_lately = sum(metrics["NumberOfMessagesReceived"][-10:]) + sum(metrics["NumberOfEmptyReceives"][-10:])
    if waiting[-1] and not asked_lately:
        return "nobody receives"
    if received and not deleted:
        return "never deleted"
    if deleted > sent:  # some order was deleted twice: two consumers had it
        return "timeout too short"
    if waiting[-1] > waiting[40] > waiting[20]:
        return "too slow"
    if received > deleted + in_flight[-1]:  # some deliveries ended in nothing
        return "stuck message"
    return "healthy"
