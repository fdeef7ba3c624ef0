using EchoRate.Runs.Files;

namespace EchoRate.Runs.Executing;

/// <summary>The hash of a model file or of its parts, held against what somebody said it must be.</summary>
internal static class ModelHash
{
    /// <summary>Reads a file through.</summary>
    /// <param name="job">The file.</param>
    /// <param name="cancellation">Stops on request.</param>
    /// <param name="sha256">64 hex digits (<see cref="ContentHash.Combine"/>).</param>
    /// <param name="wrong">What is wrong, in one line.</param>
    /// <returns>False where it cannot be read, or is not what it must be.</returns>
    public static bool TryCompute(
        FileJob job,
        CancellationToken cancellation,
        out string sha256,
        out string wrong
    )
    {
        (sha256, wrong) = ("", "");
        var hashes = new List<string>();
        foreach (var part in job.Parts)
        {
            try
            {
                hashes.Add(ContentHash.OfFile(part.Path, cancellation));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                wrong = $"{part.Path}: cannot be read: {e.Message.ReplaceLineEndings(" ")}";
                return false;
            }
            if (
                part.Sha256 is { } expected
                && !expected.Equals(hashes[^1], StringComparison.OrdinalIgnoreCase)
            )
            {
                wrong = $"{part.Path}: sha256 is {hashes[^1]}; the manifest says {expected}";
                return false;
            }
        }
        sha256 = ContentHash.Combine(hashes);
        return true;
    }
}
