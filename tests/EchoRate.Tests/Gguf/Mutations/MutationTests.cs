namespace EchoRate.Tests.Gguf.Mutations;

/// <summary>Bent headers of every family through the checker: no exception, no long wait, no memory that the file does not justify.</summary>
public sealed class MutationTests
{
    // ECHORATE_SEED=N bends in other ways.
    private static readonly int Seed = int.Parse(
        Environment.GetEnvironmentVariable("ECHORATE_SEED") is { Length: > 0 } given
            ? given
            : "20251121"
    );

    // ECHORATE_MUTATIONS=100000 runs the whole of it (about a minute a core).
    private static int Count =>
        int.Parse(
            Environment.GetEnvironmentVariable("ECHORATE_MUTATIONS") is { Length: > 0 } given
                ? given
                : "10000"
        );

    [Fact]
    public void No_bent_header_crashes_hangs_or_takes_memory()
    {
        using var folder = new TemporaryFolder();
        var sound = new List<RawModel>();
        foreach (var miniature in Miniatures.All)
        {
            var path = folder.At(miniature.Name);
            miniature.Write(path);
            sound.Add(RawModel.Read(path));
            File.Delete(path);
        }
        var random = new Random(Seed);
        var mutator = new HeaderMutator(random);
        var codes = new SortedDictionary<GgufProblemCode, int>();
        var (accepted, slowest, most) = (0, TimeSpan.Zero, 0L);
        var file = folder.At("bent.gguf");
        for (var round = 0; round < Count; round++)
        {
            var (model, header) = mutator.Mutate(sound[round % sound.Count]);
            using (
                var stream = new FileStream(
                    file,
                    FileMode.Create,
                    FileAccess.Write,
                    FileShare.None,
                    1
                )
            )
            {
                stream.Write(header);
                // The data is a hole: the checker must never look at it.
                stream.SetLength(header.Length + Math.Min(model.DataBytes, 1L << 40));
            }
            var (before, clock) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
            var isSound = GgufFile.TryRead(file, out var read, out var problems);
            if (read is not null)
            {
                _ = ModelFacts.From(read);
            }
            var (time, memory) = (clock.Elapsed, GC.GetAllocatedBytesForCurrentThread() - before);
            if (time >= TimeSpan.FromSeconds(1))
            {
                // A busy machine may have looked elsewhere for a second; a file that hangs does so again, and not for want of a processor.
                var worked = Environment.CpuUsage.TotalTime;
                clock.Restart();
                _ = GgufFile.TryRead(file, out _, out _);
                worked = Environment.CpuUsage.TotalTime - worked;
                time = worked < clock.Elapsed ? worked : clock.Elapsed;
            }
            slowest = time > slowest ? time : slowest;
            most = Math.Max(most, memory);
            Assert.True(time < TimeSpan.FromSeconds(1), $"round {round}: {time}");
            Assert.True(memory < 64 << 20, $"round {round}: {memory} bytes");
            Assert.Equal(isSound, problems.All(p => p.Severity == GgufSeverity.Warning));
            accepted += isSound ? 1 : 0;
            foreach (var code in problems.Select(p => p.Code).Distinct())
            {
                codes[code] = codes.GetValueOrDefault(code) + 1;
            }
        }
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine(
            $"seed {Seed}: {Count} headers, {accepted} accepted, slowest {slowest.TotalMilliseconds:F0} ms, most {most / 1e6:F1} MB"
        );
        output.WriteLine(string.Join(", ", codes.Select(code => $"{code.Key} {code.Value}")));
        // Many different checks were reached, and a share got through to be loaded.
        Assert.InRange(codes.Count, 25, 100);
        Assert.InRange(accepted, Count / 100, Count / 2);
    }
}
