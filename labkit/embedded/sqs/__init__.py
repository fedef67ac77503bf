"""SQS with AWS's documented semantics: `Sqs` is the service, `door.Door` its HTTP side, `moto_backend` moto's way in."""
