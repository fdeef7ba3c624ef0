using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Engine;
using EchoRate.Runs.Workers;

namespace EchoRate.Cli.Commands;

/// <summary>
/// <c>echorate worker</c>: measures one model file for the run that started it. Not for people, and not in the help: the job comes on
/// stdin, and the answers go through a pipe that was handed down.
/// </summary>
internal sealed class WorkerCommand(Interruption interruption)
{
    /// <summary>The command's name.</summary>
    public const string Name = "worker";

    /// <summary>Does the job that stands on stdin.</summary>
    /// <param name="words">The words after the command.</param>
    public async Task<int> RunAsync(string[] words)
    {
        // Ctrl-C reaches every process of the terminal; the run alone decides what becomes of it.
        interruption.Ignore();
        using var messages = OpenMessages(words is [var handle] ? handle : "");
        var log = Log();
        var host = new WorkerHost(
            new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false)),
            messages,
            line => log.WriteLine(line),
            EndAtOnce
        );
        var done = await host.RunAsync(
            target => Task.FromResult(Engines.Load(target)),
            e => e is NativeLibraryException
        );
        return done ? ExitCode.Done : ExitCode.SomeFailed;
    }

    private static AnonymousPipeClientStream OpenMessages(string handle)
    {
        try
        {
            return new AnonymousPipeClientStream(PipeDirection.Out, handle);
        }
        catch (Exception e) when (e is ArgumentException or IOException)
        {
            throw new UsageException(
                $"{Name}: started by echorate run for each model file, not by people"
            );
        }
    }

    // What llama.cpp logs goes where it would print itself, so that both stand in their order. Every line is out before the next call.
    private static TextWriter Log() =>
        TextWriter.Synchronized(
            new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false))
            {
                AutoFlush = true,
            }
        );

    // Without a word to anybody: a library in the middle of a batch does not like to be torn down.
    private static void EndAtOnce()
    {
        using var process = Process.GetCurrentProcess();
        process.Kill();
    }
}
