using System.Runtime.InteropServices;
using BenchmarkDotNet.Portability.Cpu;
using EchoRate.Benchmarks.Measuring;
using EchoRate.Benchmarks.Probes;
using EchoRate.Benchmarks.Scoring;
using EchoRate.Runs.Provenance;

namespace EchoRate.Benchmarks.Reporting;

/// <summary>One result as a Markdown page: ratios, the rates that they come from, the machine and the versions.</summary>
internal sealed class ResultPage
{
    private readonly StringBuilder _page = new();

    /// <summary>The engine that was measured.</summary>
    public required IEngine Engine { get; init; }

    /// <summary>Figures of <see cref="EchoProbeBenchmarks"/>.</summary>
    public required IReadOnlyList<Figures> Rows { get; init; }

    /// <summary>Figures of <see cref="LogitScoreBenchmarks"/>.</summary>
    public required IReadOnlyList<Figures> Scoring { get; init; }

    /// <summary>The processor; null where the system does not tell.</summary>
    public required CpuInfo? Processor { get; init; }

    /// <summary>What else ran, in a sentence.</summary>
    public required string OtherWork { get; init; }

    /// <summary>When it was measured, UTC.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>The page, in Markdown.</summary>
    public override string ToString()
    {
        _page.Clear();
        Line("# Benchmarks");
        Line();
        Line($"Written by `scripts/bench` on {Date:yyyy-MM-dd}. {OtherWork}");
        Line("Ratios compare the fastest iterations: other work can only slow one down.");
        Line(
            "Allocations are BenchmarkDotNet's count, of the whole process: a few bytes are its own."
        );
        Line();
        WriteRatios();
        WriteRows();
        WriteScoring();
        WriteSurroundings();
        return _page.ToString();
    }

    private void WriteRatios()
    {
        Line("## Rows per second: ratios");
        Line();
        Line("| model | | ratio |");
        Line("| --- | --- | ---: |");
        foreach (var model in Rows.Select(row => row.Parameters["Model"]).Distinct())
        {
            var (without, with) = (Arm.Without.Name, Arm.With.Name);
            var (alone, batched) = (EchoProbeBenchmarks.OneByOne, EchoProbeBenchmarks.Batched);
            Ratio("batched ÷ one by one, without BOS", (batched, without), (alone, without));
            Ratio("batched ÷ one by one, with BOS", (batched, with), (alone, with));
            Ratio("with ÷ without BOS, one by one", (alone, with), (alone, without));
            Ratio("with ÷ without BOS, batched", (batched, with), (batched, without));

            void Ratio(string what, (int, string) a, (int, string) b) =>
                Line($"| {model} | {what} | {Number(Fastest(b) / Fastest(a), 2)} |");

            double Fastest((int Sequences, string Arm) of) =>
                Rows.Single(row =>
                    row.Parameters["Model"] == model
                    && row.Parameters["Sequences"] == Number(of.Sequences, 0)
                    && row.Parameters["ArmName"] == of.Arm
                ).Fastest;
        }
        Line();
    }

    private void WriteRows()
    {
        Line("## Rows per second");
        Line();
        Line(
            $"`EchoProbe` on {EchoProbeBenchmarks.Sample} tokens of the model's vocabulary: decoding, scoring, making the row. A thread of llama.cpp for each physical core, as in a run; "
                + "they spin, so other work on the machine costs more than its share."
        );
        Line();
        Line("| model | sequences | BOS | fastest | median | bytes allocated per row |");
        Line("| --- | ---: | --- | ---: | ---: | ---: |");
        foreach (var row in Rows)
        {
            Line(
                $"| {row.Parameters["Model"]} | {row.Parameters["Sequences"]} | {row.Parameters["ArmName"]} "
                    + $"| {Number(1e9 / row.Fastest, 0)} | {Number(1e9 / row.Median, 0)} | {row.Allocated} |"
            );
        }
        Line();
    }

    private void WriteScoring()
    {
        const int mib = 1024 * 1024;
        var vectors = Speed(nameof(LogitScoreBenchmarks.VectorSum));
        var loop = Speed(nameof(LogitScoreBenchmarks.LoopSum));
        Line("## Scoring alone: GB of logits per second");
        Line();
        Line(
            $"One core, rows of {LogitScoreBenchmarks.VocabSize} logits, {LogitScoreBenchmarks.Rows} of them one after another "
                + $"({(long)LogitScoreBenchmarks.Rows * LogitScoreBenchmarks.RowBytes / mib} MiB, more than any cache holds)."
        );
        Line(
            "`VectorSum` is a plain sum as memory allows it (`TensorPrimitives.Sum`); `LoopSum` is a plain loop, in double."
        );
        Line();
        Line("| | fastest | median | ÷ VectorSum | ÷ LoopSum | bytes allocated per row |");
        Line("| --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (var one in Scoring)
        {
            var (fastest, median) = (
                GigabytesPerSecond(one.Fastest),
                GigabytesPerSecond(one.Median)
            );
            Line(
                $"| {one.Method} | {Number(fastest, 3)} | {Number(median, 3)} | {Number(fastest / vectors, 3)} "
                    + $"| {Number(fastest / loop, 3)} | {one.Allocated} |"
            );
        }
        Line();

        double Speed(string method) =>
            GigabytesPerSecond(Scoring.Single(one => one.Method == method).Fastest);
    }

    // A byte per nanosecond is a gigabyte (10⁹) per second.
    private static double GigabytesPerSecond(double nanosecondsPerRow) =>
        LogitScoreBenchmarks.RowBytes / nanosecondsPerRow;

    private void WriteSurroundings()
    {
        Line("## Machine and versions");
        Line();
        Line("| | |");
        Line("| --- | --- |");
        Line($"| processor | {Processor?.ProcessorName?.Trim() ?? "unknown"} |");
        Line(
            $"| cores | {Processor?.PhysicalCoreCount?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} physical, {Environment.ProcessorCount} logical |"
        );
        Line(
            $"| system | {RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture} |"
        );
        Line($"| .NET | {Environment.Version} |");
        Line(
            $"| llama.cpp | {Engine.Version}, {Engine.Report.CpuLibrary ?? "CPU library unknown"} |"
        );
        Line($"| EchoRate | {RunInfo.ProgramVersion} |");
    }

    private static string Number(double value, int digits) =>
        value.ToString($"F{digits}", CultureInfo.InvariantCulture);

    private void Line(string text = "") => _page.Append(text).Append('\n');
}
