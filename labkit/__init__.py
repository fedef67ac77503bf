"""What the notebooks of the AWS messaging lab stand on. Importing it does no work and starts nothing."""
