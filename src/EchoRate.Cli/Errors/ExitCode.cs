namespace EchoRate.Cli.Errors;

/// <summary>What the process answers; users' scripts hold on to these numbers.</summary>
internal static class ExitCode
{
    /// <summary>Done, every row measured.</summary>
    public const int Done = 0;

    /// <summary>A bug: the only case that prints a stack trace.</summary>
    public const int Bug = 1;

    /// <summary>Usage: what was given, what is allowed.</summary>
    public const int Usage = 2;

    /// <summary>A file is missing, unreadable or wrong; nothing could be run, or no more could be written.</summary>
    public const int File = 3;

    /// <summary>The native library: not found, wrong version, no usable device.</summary>
    public const int Native = 4;

    /// <summary>Every file was tried and nothing could be measured.</summary>
    public const int NothingMeasured = 5;

    /// <summary>Finished, but some files or rows carry <c>failed</c> or <c>not_here</c>.</summary>
    public const int SomeFailed = 6;

    /// <summary>Interrupted.</summary>
    public const int Interrupted = 130;
}
