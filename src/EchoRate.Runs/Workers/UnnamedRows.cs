using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Workers;

/// <summary>What is left to say where a file's rows cannot even be named: one failed row for each probe and arm, as of a file that never started.</summary>
internal static class UnnamedRows
{
    public static void HandOver(ProbeRequest request, string reason, IMeasurementListener listener)
    {
        using var lines = new JournalLineWriter();
        foreach (var row in request.NeverStarted(RowStatus.Failed, reason))
        {
            listener.Row(new RowLine(lines.Write(row), row.Status, row.Reason));
        }
    }
}
