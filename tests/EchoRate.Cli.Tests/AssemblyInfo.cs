using EchoRate.Cli.Tests.Fixtures;

// llama.cpp's threads spin: two runs at once on few cores are many times slower than one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(DemoRun))]
[assembly: AssemblyFixture(typeof(TrainedRun))]
[assembly: AssemblyFixture(typeof(MiniatureRun))]
