"""What is read of a request, and what stands in an answer: by these its document is made, and nothing else passes."""
