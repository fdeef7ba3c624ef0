using EchoRate.Core.Results;

namespace EchoRate.Runs.Executing;

/// <summary>What a file's rows say of the file.</summary>
internal static class FileOutcome
{
    /// <summary>The record with what became of the file.</summary>
    /// <param name="record">What is known of it.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="measured">Of those, the measured ones.</param>
    /// <param name="failed">Of those, the failed ones.</param>
    /// <param name="failure">Why the first of them failed.</param>
    public static FileRecord Of(
        FileRecord record,
        long rows,
        long measured,
        long failed,
        string? failure
    ) =>
        record with
        {
            MeasuredRows = measured,
            Status = failed > 0 && measured == 0 ? RowStatus.Failed : RowStatus.Ok,
            Reason = failed == 0 ? null : $"{failed} of {rows} rows failed: {failure}",
        };
}
