namespace EchoRate.Cli.Terminal;

/// <summary>Progress as lines: unlike <see cref="Progress{T}"/>, in order and before the call goes on.</summary>
internal sealed class Lines(TextWriter error) : IProgress<string>
{
    /// <inheritdoc />
    public void Report(string value) => error.WriteLine(value);
}
