using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Reports.Csv;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Composition;

/// <summary>One way of looking where an echo lives: what is asked of every file, and the table that it gives.</summary>
/// <param name="Table">The table's name.</param>
/// <param name="Columns">Its columns.</param>
internal sealed record Look<TRow>(string Table, ColumnTable<RowLine<TRow>> Columns)
    where TRow : EchoRow
{
    /// <summary>Sets and arms.</summary>
    public required ProbeRequest Probes { get; init; }

    /// <summary>The files that these were read from.</summary>
    public IReadOnlyList<RunInfo.InputInfo> Inputs { get; init; } = [];

    /// <summary>How a file is loaded.</summary>
    public required Func<ModelFacts, LoadOptions> Plan { get; init; }

    /// <summary>Rows that a file gives, at most.</summary>
    public required Func<ModelFacts, long> RowCount { get; init; }

    /// <summary>The rows of a loaded file.</summary>
    public required Func<ProbeContext, IEnumerable<TRow>> Measure { get; init; }

    /// <summary>The row of a file that cannot be measured, or not to its end.</summary>
    public required Func<EchoRow, TRow> Blank { get; init; }

    /// <summary>Shown every row with its file's name.</summary>
    public required Action<string, TRow> See { get; init; }

    /// <summary>Writes what else belongs into the folder, when all rows are there.</summary>
    public Action<string> WriteMore { get; init; } = _ => { };
}
