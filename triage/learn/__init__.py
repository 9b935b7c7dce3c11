"""The learning room: pure Python, numpy, scipy and scikit-learn; it never sees a ticket or a database."""
