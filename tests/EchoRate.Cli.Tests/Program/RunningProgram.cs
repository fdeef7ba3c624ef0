namespace EchoRate.Cli.Tests.Program;

/// <summary>The program while it runs. Killed where a test ends before it does.</summary>
internal sealed class RunningProgram : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    public RunningProgram(Process process, byte[] input)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Collect(_out, line.Data);
        process.ErrorDataReceived += (_, line) => Collect(_error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has seen enough and ended.
        }
    }

    /// <summary>The process.</summary>
    public int Id => _process.Id;

    /// <summary>True as long as it has not ended.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>Waits for the end.</summary>
    public Outcome WaitForEnd(TimeSpan patience)
    {
        if (!_process.WaitForExit(patience))
        {
            Kill();
            Assert.Fail($"echorate did not end within {patience}; stderr so far: {_error}");
        }
        // The overload without a limit waits for the last lines too.
        _process.WaitForExit();
        return new Outcome(_process.ExitCode, _out.ToString(), _error.ToString());
    }

    /// <summary>Waits until something is so, which must be within two minutes and before the program ends.</summary>
    public void WaitFor(Func<bool> isSo)
    {
        var clock = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(IsRunning, $"it ended: {_error}");
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(2));
            Thread.Sleep(5);
        }
    }

    /// <summary>Waits until a file whose name begins so has more bytes than so many.</summary>
    public void WaitForFile(string folder, string name, long bytes = -1) =>
        WaitFor(() =>
            Directory.Exists(folder)
            && Directory
                .EnumerateFiles(folder, name + "*")
                .Any(file => new FileInfo(file).Length > bytes)
        );

    /// <summary>Waits a while; true where the program ended meanwhile.</summary>
    public bool EndsWithin(TimeSpan time) => _process.WaitForExit(time);

    /// <summary>Sends a signal: 2 is SIGINT (Ctrl-C), 15 is SIGTERM.</summary>
    public void Signal(int signal) => Processes.Signal(_process.Id, signal);

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }
        _process.Dispose();
    }

    private void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    private static void Collect(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }
}
