// Every run here computes with one thread, and much of a test's time is a program's start: two at a time do not disturb each other.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
[assembly: AssemblyFixture(typeof(DemoRun))]
[assembly: AssemblyFixture(typeof(TrainedRun))]
[assembly: AssemblyFixture(typeof(MiniatureRun))]
