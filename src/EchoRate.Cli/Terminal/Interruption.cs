using System.Runtime.InteropServices;
using EchoRate.Cli.Errors;

namespace EchoRate.Cli.Terminal;

/// <summary>
/// Ctrl-C, SIGTERM, and a terminal that closes (SIGHUP): the first asks for an end after the row, the second ends at once. The runtime's own handling would kill a slow
/// row after two seconds.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _count;
    private volatile bool _isIgnored;

    public Interruption(TextWriter error)
    {
        foreach (
            var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }
        )
        {
            _registrations.Add(
                PosixSignalRegistration.Create(signal, context => Handle(context, error))
            );
        }
    }

    /// <summary>What the first signal is answered with.</summary>
    public string Announcement { get; set; } = "stopping after this row; once more stops at once";

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>From here on no signal is answered: whoever started this process decides.</summary>
    public void Ignore() => _isIgnored = true;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context, TextWriter error)
    {
        context.Cancel = true;
        if (_isIgnored)
        {
            return;
        }
        // A terminal that closes says so twice: the shell tells its jobs, and the system those in front.
        if (Interlocked.Increment(ref _count) > 1 && context.Signal == PosixSignal.SIGHUP)
        {
            return;
        }
        if (_count > 1)
        {
            Environment.Exit(ExitCode.Interrupted);
        }
        error.WriteLine("echorate: " + Announcement);
        _source.Cancel();
    }
}
