"""What starts work without a request: the table's stream, the queues and the schedules.

Read from the app's own registrations, so that what Chalice would deploy is what runs here.
"""
