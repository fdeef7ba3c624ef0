namespace EchoRate.Runs.Folder;

/// <summary>A run's folder or files are in the way: what was found, what is allowed, what to do, in one line.</summary>
public sealed class RunException(string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Does something with files; what the system refuses on the way becomes one line.</summary>
    /// <param name="what">What cannot be done then: <c>DIR: the CSV files cannot be written</c>.</param>
    /// <param name="rest">What stands all the same.</param>
    /// <param name="act">What is done.</param>
    /// <exception cref="RunException">The system refuses.</exception>
    public static T Guard<T>(string what, string rest, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"{what}: {e.Message.ReplaceLineEndings(" ")}; {rest}", e);
        }
    }
}
