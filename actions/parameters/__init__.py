"""What a person is asked before a run: which parameters, with which choices and beginnings, and how answers are kept."""
