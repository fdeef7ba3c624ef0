using EchoRate.Hub.Pulling;
using EchoRate.Tests.Hub.Loopback;

namespace EchoRate.Tests.Hub.Pulling;

/// <summary>Downloads over lines that break in every way: the right file, or none and a clear line.</summary>
public sealed class FaultyDownloadTests
{
    private const int Seed = 20251121;

    // ECHORATE_DOWNLOADS=1000 for more.
    private static readonly int s_count = int.Parse(
        Environment.GetEnvironmentVariable("ECHORATE_DOWNLOADS") ?? "150"
    );

    [Fact]
    public void Every_faulty_download_ends_with_the_right_file_or_with_none_and_a_line()
    {
        var clock = Stopwatch.StartNew();
        var random = new Random(Seed);
        using var bench = new PullBench
        {
            KeepsHashes = false,
            KeepsPuller = true,
            Stall = TimeSpan.FromSeconds(0.5),
        };
        var faults = new SeededFaults(Seed, hubRate: 0.1, cdnRate: 0.6);
        bench.Hub.Fault = faults.Bend;
        var (right, none, resumed) = (0, 0, 0);
        for (var round = 0; round < s_count; round++)
        {
            var bytes = new byte[random.Next(1, 40_000)];
            random.NextBytes(bytes);
            var file = bench.Add("m.gguf", bytes, $"org/name{round}");
            resumed += Leave(bench, file, random) ? 1 : 0;
            var claim = random.Next(10) switch
            {
                < 5 => null,
                < 9 => file.Sha256,
                _ => new string('0', 64),
            };

            var result = bench.Pull(PullBench.Want(file, claim));

            var path = bench.Snapshot(file);
            if (result.Outcome == PullOutcome.Failed)
            {
                none++;
                Assert.False(Path.Exists(path), $"round {round}: {path} is there");
                Assert.False(
                    File.Exists(bench.Folders(file).Blob(file.Sha256)),
                    $"round {round}: a blob is there"
                );
                var line = result.Failure!.Message;
                Assert.StartsWith($"{file.Repo}/m.gguf: ", line);
                Assert.DoesNotContain('\n', line);
                Assert.DoesNotContain(PullBench.Token, result.Failure.ToString());
            }
            else
            {
                right++;
                Assert.Equal(bytes, File.ReadAllBytes(path));
                Assert.NotEqual(new string('0', 64), claim);
            }
            bench.Hub.Files.Clear();
            if (Directory.Exists(bench.Cache))
            {
                Directory.Delete(bench.Cache, recursive: true);
            }
        }

        var requests = bench.Hub.Requests;
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine(
            $"seed {Seed}: {right} right, {none} none, {resumed} begun by another; {requests.Count} requests, {clock.Elapsed.TotalSeconds:F1} s"
        );
        output.WriteLine(string.Join(", ", faults.Drawn.OrderBy(fault => fault.Key)));
        Assert.Equal(s_count, right + none);
        // Neither half of the claim was idle.
        Assert.InRange(right, s_count / 4, s_count);
        Assert.InRange(none, s_count / 10, s_count);
        Assert.DoesNotContain(
            requests,
            request => request.IsCdn && request.Authorization is not null
        );
        Assert.All(
            requests.Where(request => !request.IsCdn),
            request => Assert.Equal("Bearer " + PullBench.Token, request.Authorization)
        );
        Assert.Contains(requests, request => request.IsCdn);
    }

    // What a killed program, another program, or a bad disk left: a beginning, a wrong beginning, too much.
    private static bool Leave(PullBench bench, HubFile file, Random random)
    {
        var folders = bench.Folders(file);
        byte[]? begun = random.Next(6) switch
        {
            0 => file.Bytes[..random.Next(file.Bytes.Length + 1)],
            1 => new byte[random.Next(file.Bytes.Length + 1)],
            2 => [.. file.Bytes, 1],
            _ => null,
        };
        if (begun is null)
        {
            return false;
        }
        folders.Prepare(folders.Blob(file.Sha256));
        File.WriteAllBytes(folders.Blob(file.Sha256) + ".incomplete", begun);
        return true;
    }
}
