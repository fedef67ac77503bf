"""SNS that does what AWS does: moto reads requests and writes answers; topics, filters and deliveries are ours."""

from labkit.embedded.topics.seams import install

__all__ = ["install"]
