"""What a worker does with an invocation: prepare, call the handler, write down what it says, end it."""
