"""The stand-in of Kinesis Video: signaling, PutMedia and playback on loopback, refusing what the service refuses."""
