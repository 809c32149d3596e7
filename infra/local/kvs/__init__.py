"""The stand-in of Kinesis Video on loopback: it refuses what the service refuses."""
