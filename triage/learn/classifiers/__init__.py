"""One way to learn a file; each registers itself in `triage.learn.base.classifiers`."""
