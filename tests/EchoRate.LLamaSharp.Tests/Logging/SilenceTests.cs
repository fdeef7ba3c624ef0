using System.Runtime.InteropServices;
using EchoRate.Core.Engine;
using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.LLamaSharp.Tests.Logging;

public sealed class SilenceTests
{
    [Fact]
    public void Nothing_reaches_stdout_or_stderr()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(),
            "file descriptors are a Unix thing"
        );
        var engine = new LLamaSharpEngine(TestLibrary.Load(), threads: 1);
        var model = TestModels.PathOf("stories260K");
        using var folder = new TemporaryFolder();

        var printed = Captured(
            folder.File("printed.txt"),
            () =>
            {
                using (var session = engine.Load(model, new LoadOptions { Threads = 1 }))
                {
                    session.Decode([new BatchToken(session.Vocabulary.Size - 1, 0, 0, true)]);
                }

                File.WriteAllText(folder.File("garbage.gguf"), "GGUF and then nothing sensible");
                Assert.Throws<EngineException>(() =>
                    engine.Load(folder.File("garbage.gguf"), new LoadOptions())
                );
                new Quantizer(TestLibrary.Load()).Quantize(
                    new QuantizeRequest
                    {
                        Source = model,
                        Destination = folder.File("q8.gguf"),
                        Type = "Q8_0",
                        Threads = 1,
                    }
                );
            }
        );

        // The test runner may write to stdout meanwhile; llama.cpp's lines begin with a function's name and a colon.
        Assert.DoesNotMatch(
            @"(?m)^(llama|ggml|gguf|load|print|sched|set|create|graph)_?\w*:|model buffer|tensor",
            printed
        );
    }

    // Console.SetOut does not see what C writes: the descriptors themselves are turned to a file.
    private static string Captured(string path, Action action)
    {
        using (var file = File.Create(path))
        {
            var target = (int)file.SafeFileHandle.DangerousGetHandle();
            int[] saved = [dup(1), dup(2)];
            _ = dup2(target, 1);
            _ = dup2(target, 2);
            try
            {
                action();
                _ = fflush(0);
            }
            finally
            {
                _ = dup2(saved[0], 1);
                _ = dup2(saved[1], 2);
                _ = close(saved[0]);
                _ = close(saved[1]);
            }
        }

        return File.ReadAllText(path);
    }

#pragma warning disable SYSLIB1054, CA5392 // Four calls of libc in a test.
    [DllImport("libc")]
    private static extern int dup(int descriptor);

    [DllImport("libc")]
    private static extern int dup2(int from, int to);

    [DllImport("libc")]
    private static extern int close(int descriptor);

    [DllImport("libc")]
    private static extern int fflush(nint stream);
#pragma warning restore SYSLIB1054, CA5392
}
