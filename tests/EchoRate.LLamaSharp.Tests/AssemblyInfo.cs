// llama.cpp's threads spin: two tests at once on few cores are many times slower than one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
