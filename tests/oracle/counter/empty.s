// An empty assembly file lets heapSort be declared without a body.
