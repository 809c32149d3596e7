"""The stand-in of Kinesis Video on loopback: it refuses what the service refuses.

Where it is knowingly another thing: the two roles have paths of one host instead of hosts; PutMedia reads the
whole body before it acknowledges, and takes no unsigned one; a message to a viewer who is not there is
refused at once instead of kept for a while; GetMedia ends where the stored media ends; HLS has picture and
sound in one variant; nothing expires by retention; what a credential may do is not looked at.
"""
