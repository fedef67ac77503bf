six_cases = {
    "a": ("one unit", "yes"),
    "b": ("one unit", "yes"),
    "c": ("one unit", "no"),  # one build in two roles; but two things have to be started
    "d": ("several units", "no"),
    "e": ("several units", "no"),  # a microservice
    "f": ("one unit", "yes"),
}
