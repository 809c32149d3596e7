"""What the service consumes of AWS, by the published rules: no emulator meters like the service itself."""
