using EchoRate.Tests.Gguf.Mutations;

namespace EchoRate.LLamaSharp.Tests.Mutants;

/// <summary>Bent files that the checker lets through go to llama.cpp in a process of their own: each loads or is refused, none ends the process.</summary>
public sealed class MutantTests : IDisposable
{
    // ECHORATE_SEED=N bends in other ways.
    private static readonly int Seed = int.Parse(
        Environment.GetEnvironmentVariable("ECHORATE_SEED") is { Length: > 0 } given
            ? given
            : "20251121"
    );

    private const int AtATime = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    // ECHORATE_MUTANTS=2000 runs the whole of it; ECHORATE_MUTANTS_KEEP=DIR keeps those that ended the process.
    private static int Count =>
        int.Parse(
            Environment.GetEnvironmentVariable("ECHORATE_MUTANTS") is { Length: > 0 } given
                ? given
                : "100"
        );

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_the_checker_accepts_does_not_end_the_process()
    {
        var (mutator, sound) = (new HeaderMutator(new Random(Seed)), Sound());
        var outcomes = new SortedDictionary<string, int>();
        var deaths = new List<string>();
        var made = 0;
        for (var done = 0; done < Count; done += AtATime)
        {
            var batch = new List<string>();
            while (batch.Count < Math.Min(AtATime, Count - done))
            {
                var path = _folder.At($"{made}.gguf");
                var (model, content) = sound[made % sound.Count];
                var (bent, header) = mutator.Mutate(model);
                Write(path, bent, header, content);
                if (GgufFile.TryRead(path, out _, out _))
                {
                    batch.Add(path);
                }
                else
                {
                    File.Delete(path);
                }
                made++;
            }
            foreach (var (path, outcome) in LoadAll(batch))
            {
                var kind = outcome.Split(' ')[0];
                outcomes[kind] = outcomes.GetValueOrDefault(kind) + 1;
                if (kind is not ("loaded" or "refused"))
                {
                    deaths.Add($"{Path.GetFileName(path)}: {outcome}");
                    Keep(path);
                }
                File.Delete(path);
            }
        }
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine(
            $"seed {Seed}: {made} bent, {Count} accepted: "
                + string.Join(", ", outcomes.Select(pair => $"{pair.Value} {pair.Key}"))
        );
        Assert.Equal(Count, outcomes.Values.Sum());
        Assert.True(deaths.Count == 0, string.Join('\n', deaths));
        Assert.True(outcomes.ContainsKey("loaded"));
    }

    private List<(RawModel Model, byte[] Data)> Sound()
    {
        var sound = new List<(RawModel, byte[])>();
        foreach (var miniature in Miniatures.All)
        {
            var path = _folder.At("sound.gguf");
            miniature.Write(path);
            var offset = (int)GgufFile.Read(path).Parts[0].DataOffset;
            sound.Add((RawModel.Read(path), File.ReadAllBytes(path)[offset..]));
            File.Delete(path);
        }
        return sound;
    }

    private static void Write(string path, RawModel model, byte[] header, byte[] data)
    {
        using var stream = File.Create(path);
        stream.Write(header);
        stream.Write(data.AsSpan(0, (int)Math.Min(data.Length, model.DataBytes)));
        stream.SetLength(header.Length + model.DataBytes);
    }

    private IEnumerable<(string Path, string Outcome)> LoadAll(List<string> paths)
    {
        for (var next = 0; next < paths.Count; )
        {
            var list = _folder.At("list");
            File.WriteAllLines(list, paths.Skip(next));
            File.Delete(MutantChild.ReportOf(list));
            var end = RunChild(list);
            var lines = File.Exists(MutantChild.ReportOf(list))
                ? File.ReadAllLines(MutantChild.ReportOf(list))
                : [];
            Assert.True(lines.Length > 0, $"the child did not begin: {end}");
            foreach (var line in lines.Where(line => line.StartsWith(MutantChild.Ended)))
            {
                yield return (paths[next++], line[MutantChild.Ended.Length..]);
            }
            if (lines[^1].StartsWith(MutantChild.Begun))
            {
                yield return (paths[next++], end);
            }
        }
    }

    // How the child ended, in words; a child that hangs is ended.
    private static string RunChild(string list)
    {
        var end = ItselfAgain.Run(
            [
                "-method",
                $"{typeof(MutantChild).FullName}.{nameof(MutantChild.Loads_what_its_parent_names)}",
            ],
            Patience,
            (MutantChild.ListVariable, list)
        );
        return end is null ? "hung" : $"died {end.ExitCode}: {end.Error.ReplaceLineEndings(" ")}";
    }

    private static void Keep(string path)
    {
        if (Environment.GetEnvironmentVariable("ECHORATE_MUTANTS_KEEP") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            File.Copy(path, Path.Combine(folder, Path.GetFileName(path)), overwrite: true);
        }
    }
}
