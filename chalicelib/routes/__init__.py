"""HTTP in: parse, call one workflow, shape the answer."""
