namespace EchoRate.LLamaSharp.Tests.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public void A_file_that_is_not_there_is_an_error_of_one_line() =>
        FailsInOneLine(Path.Combine(Path.GetTempPath(), "no-such-folder", "no-such-model.gguf"));

    [Fact]
    public void A_folder_is_not_a_model() => FailsInOneLine(Path.GetTempPath());

    [Theory]
    [InlineData("")]
    [InlineData("GGUF")]
    [InlineData("this is not a model file at all, but it is long enough to hold a header")]
    public void A_file_that_is_not_gguf_is_an_error_of_one_line(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("garbage.gguf"), content);

        FailsInOneLine(folder.At("garbage.gguf"));
    }

    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public void A_truncated_file_is_an_error_of_one_line(string model)
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(TestModels.PathOf(model));

        foreach (
            var length in (int[])[30, 1000, whole.Length / 100, whole.Length / 2, whole.Length - 1]
        )
        {
            File.WriteAllBytes(folder.At("cut.gguf"), whole[..length]);
            FailsInOneLine(folder.At("cut.gguf"));
        }
    }

    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public void A_failed_load_leaves_the_engine_usable(string model)
    {
        A_file_that_is_not_there_is_an_error_of_one_line();
        using var session = Load(model);
        Alone(session, OrdinaryTokens(session.Vocabulary, 1)[0]);
    }

    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public void The_log_comes_line_by_line_to_its_receiver(string model)
    {
        var lines = new List<string>();
        using (var session = Load(model, Small with { Log = lines.Add }))
        {
            Alone(session, OrdinaryTokens(session.Vocabulary, 1)[0]);
        }

        Assert.NotEmpty(lines);
        Assert.DoesNotContain(lines, line => line.Contains('\n'));
    }

    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public void A_receiver_that_throws_does_not_disturb_the_measurement(string model)
    {
        using var session = Load(
            model,
            Small with
            {
                Log = _ => throw new IOException("no space left on device"),
            }
        );
        Alone(session, OrdinaryTokens(session.Vocabulary, 1)[0]);
    }

    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public void The_report_says_what_was_loaded_and_where(string model)
    {
        var engine = Engine();
        using var session = Load(model);

        Assert.Equal("cpu", session.Report.Backend);
        Assert.Equal("CPU", session.Report.Device);
        Assert.Equal(0, session.Report.GpuLayers);
        Assert.True(session.Report.Layers > 0);
        Assert.Equal(1, session.Report.Threads);
        Assert.Null(session.Report.PeakDeviceBytes);
        Assert.Contains(
            engine.Facts.Devices,
            device => device is { Kind: DeviceKind.Cpu, Name: "CPU", Backend: "cpu" }
        );
        Assert.True(Directory.Exists(engine.Facts.LibraryFolder));
        Assert.NotEmpty(engine.Facts.Version);
        Assert.Equal((32, 64, 256), (session.SequenceCount, session.BatchSize, session.CacheSize));
    }

    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public void No_threads_asked_for_means_some_threads(string model)
    {
        using var session = Load(model, Small with { Threads = 0 });

        Assert.InRange(session.Report.Threads, 1, Environment.ProcessorCount);
    }

    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public void Layers_asked_for_on_a_gpu_that_is_not_there_stay_on_the_cpu(string model)
    {
        if (Engine().Facts.Devices.Count > 1)
        {
            Assert.Skip("this engine sees more than a CPU");
        }

        using var session = Load(model, Small with { GpuLayers = -1 });

        Assert.Equal(0, session.Report.GpuLayers);
        Assert.Equal("CPU", session.Report.Device);
    }

    private void FailsInOneLine(string path)
    {
        var exception = Assert.Throws<EngineException>(() => Engine().Load(path, Small));

        Assert.Contains(path, exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
        TestContext.Current.TestOutputHelper?.WriteLine(exception.Message);
    }
}
