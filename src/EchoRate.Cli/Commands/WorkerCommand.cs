using System.Diagnostics;
using System.Text;
using System.Text.Json;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Terminal;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Workers;

namespace EchoRate.Cli.Commands;

/// <summary>
/// <c>echorate worker JOB [JOURNAL]</c>: measures one model file for the run that started it. A job that killed its worker before the file
/// was loaded stays in logs/, and can be done again by hand, into another journal. Not in the help.
/// </summary>
internal sealed class WorkerCommand(Interruption interruption)
{
    public int Run(string[] words)
    {
        if (words is not ([_] or [_, _]))
        {
            throw new UsageException(
                $"{OwnProgram.Worker}: takes JOB [JOURNAL]; it is started by echorate run for each model file"
            );
        }
        if (words.Length == 1)
        {
            // Ctrl-C reaches every process of the terminal; the run alone decides what becomes of it.
            interruption.Ignore();
        }
        var log = Utf8(Console.OpenStandardError());
        var host = new WorkerHost(
            words.Length == 1
                ? new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false))
                : null,
            Utf8(Console.OpenStandardOutput()),
            line => log.WriteLine(line),
            EndAtOnce
        );
        var isDone = host.Run(() => Read(words), Engines.Load);
        return isDone ? ExitCode.Done : ExitCode.SomeFailed;
    }

    private static MeasureJob Read(string[] words)
    {
        try
        {
            var job = MeasureJob.Read(words[0]);
            return words is [_, var journal]
                ? job with
                {
                    Path = Path.GetFullPath(words[0]),
                    Journal = Path.GetFullPath(journal),
                    Reference = null,
                }
                : job;
        }
        catch (JsonException e)
        {
            throw new IOException($"{words[0]}: not a job of a run: {e.Message}", e);
        }
    }

    // What llama.cpp logs goes where it would print itself, so that both stand in their order. Every line is out before the next call.
    private static TextWriter Utf8(Stream stream) =>
        TextWriter.Synchronized(
            new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true }
        );

    // Without a word to anybody: a library in the middle of a batch does not like to be torn down.
    private static void EndAtOnce()
    {
        using var process = Process.GetCurrentProcess();
        process.Kill();
    }
}
