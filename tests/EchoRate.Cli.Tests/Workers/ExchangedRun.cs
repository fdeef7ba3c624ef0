using System.Diagnostics;
using System.Text;
using EchoRate.Gguf;

namespace EchoRate.Cli.Tests.Workers;

/// <summary>
/// A run of three files of which one is exchanged for another while the first is measured: its header was looked at before, and found good.
/// The other has its time, and bears its size where they are of one size, so that nothing shows.
/// </summary>
internal sealed class ExchangedRun : IDisposable
{
    /// <summary>The exchanged file's model.</summary>
    public const string Name = "exchanged";

    private const int Prompts = 400;

    private readonly TemporaryFolder _folder = new();
    private readonly string _first;
    private readonly string _other;
    private readonly string _last;

    /// <summary>Writes the files.</summary>
    /// <param name="first">The file that is measured meanwhile.</param>
    /// <param name="before">The exchanged file, as the run finds it.</param>
    /// <param name="after">The file that takes its place.</param>
    /// <param name="last">Another file.</param>
    public ExchangedRun(string first, GgufWriter before, GgufWriter after, string last)
    {
        (_first, _last) = (first, last);
        Exchanged = _folder.At($"{Name}-F16.gguf");
        _other = _folder.At("other.gguf");
        before.Write(Exchanged);
        after.Write(_other);
        File.SetLastWriteTimeUtc(_other, File.GetLastWriteTimeUtc(Exchanged));
        var prompts = new StringBuilder("id,prompt,expected\n");
        for (var i = 0; i < Prompts; i++)
        {
            prompts.Append(i).Append(",The red apple and the blue sky, Mary\n");
        }
        _folder.Write("p.csv", prompts.ToString());
    }

    /// <summary>The exchanged file's path.</summary>
    public string Exchanged { get; }

    /// <summary>The run, read back.</summary>
    public RunOnDisk Run => new(_folder.At("r"));

    /// <summary>What llama.cpp said of a file.</summary>
    /// <param name="file">Its place in the run, from 1.</param>
    public string Log(int file) =>
        File.ReadAllText(
            Directory.EnumerateFiles(_folder.At("r", "logs"), $"{file:D3}-*").Single()
        );

    /// <summary>Runs, and exchanges the file when rows of the first are there.</summary>
    public Outcome ToEnd(TimeSpan patience)
    {
        using var program = Echorate.Start(
            _folder.Path,
            [],
            $"run --file {_first} --file {Exchanged} --file {_last} "
                + "--items words --prompts p.csv --continue-tokens 40 "
                + "--no-check --threads 1 --csv data --out r"
        );
        var clock = Stopwatch.StartNew();
        while (!HasRows())
        {
            Assert.True(program.IsRunning);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, patience);
            Thread.Sleep(5);
        }
        File.Move(_other, Exchanged, overwrite: true);
        return program.WaitForEnd(patience);
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();

    private bool HasRows() =>
        Directory.Exists(_folder.At("r", "rows"))
        && Directory
            .EnumerateFiles(_folder.At("r", "rows"), "001-*")
            .Any(journal => new FileInfo(journal).Length > 8_000);
}
