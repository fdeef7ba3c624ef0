namespace EchoRate.Tests.Machine;

/// <summary>Keeps progress lines in the order they came; <see cref="Progress{T}"/> would post them to other threads.</summary>
internal sealed class LinesHeard : IProgress<string>
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public void Report(string value)
    {
        lock (_lines)
            _lines.Add(value);
    }
}
