using EchoRate.Cli.Tests.Fixtures;
using EchoRate.DemoModels;
using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.LLamaSharp.Tests.Quantizing;

/// <summary>What is said beforehand, and what then comes true.</summary>
public sealed class QuantizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Stories => TestModels.PathOf("stories260K");

    private static Quantizer Quantizer => new(TestLibrary.Load());

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Q8_0")]
    [InlineData("Q4_K_M")]
    [InlineData("F16")]
    public void The_plan_names_every_tensor_with_the_type_that_it_then_has(string type)
    {
        var request = Request(Stories, type);

        var plan = Quantizer.Plan(request);
        Assert.Empty(Names());
        Run(request);

        Assert.Equal(
            GgufFile
                .Read(_folder.At("out.gguf"))
                .Tensors.Select(tensor => (tensor.Name, tensor.Type))
                .Order(),
            plan.Tensors.Select(tensor => (tensor.Name, tensor.To)).Order()
        );
        Assert.All(plan.Tensors, tensor => Assert.Equal(GgufTensorType.F32, tensor.From));
        Assert.All(
            plan.Fallbacks,
            fallback =>
                Assert.Equal(
                    fallback.Taken,
                    plan.Tensors.Single(tensor => tensor.Name == fallback.Name).To
                )
        );
    }

    [Fact]
    public void Every_name_is_known_to_the_loaded_library_and_those_that_need_a_matrix_are_marked()
    {
        var source = Demo();
        foreach (var name in QuantizationTypes.All)
        {
            var plan = Quantizer.Plan(Request(source, name) with { Pure = true });
            var most = plan
                .Tensors.Where(tensor => tensor.To != GgufTensorType.F32 || name == "F32")
                .CountBy(tensor => tensor.To)
                .MaxBy(count => count.Value)
                .Key;
            Assert.Equal((name, QuantizationTypes.MostTensors(name)), (name, most));

            plan = Quantizer.Plan(Request(source, name));
            Assert.Equal(
                (name, QuantizationTypes.NeedsImportanceMatrix(name)),
                (name, plan.NeedsImportanceMatrix)
            );
            Assert.Equal(name, QuantizationTypes.Find(name.ToLowerInvariant()));

            // It can be told from a file's name again.
            var file = QuantizationNames.FileName("m", name, "IQ4_NL");
            Assert.Equal(name, QuantizationNames.OfFileName(file));
            Assert.Equal("m", QuantizationNames.ModelName(file));
        }
    }

    [Fact]
    public void Quantizing_again_needs_to_be_allowed()
    {
        Run(Request(Stories, "Q8_0"));
        var again = Request(_folder.At("out.gguf"), "Q4_0") with
        {
            Destination = _folder.At("q4.gguf"),
        };

        var exception = Assert.Throws<EngineException>(() => Run(again));
        Assert.Contains("requantizing", exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.Equal(["out.gguf"], Names());

        Run(again with { AllowRequantize = true });
        Assert.True(File.Exists(_folder.At("q4.gguf")));
    }

    [Fact]
    public void Metadata_is_added_and_progress_counts_all_tensors()
    {
        var done = new List<TensorDone>();
        var request = Request(Demo(), "Q8_0") with
        {
            Texts = new Dictionary<string, string>
            {
                ["echorate.a"] = new string('ä', 63),
                ["echorate.b"] = "",
            },
            Progress = done.Add,
        };

        Run(request);

        var made = GgufFile.Read(_folder.At("out.gguf"));
        Assert.Equal(new string('ä', 63), made.Metadata.Text("echorate.a"));
        Assert.Equal("", made.Metadata.Text("echorate.b"));
        Assert.Equal(Enumerable.Range(1, made.Tensors.Length), done.Select(tensor => tensor.Index));
        Assert.All(done, tensor => Assert.Equal(made.Tensors.Length, tensor.Count));
        Assert.Equal(
            made.Tensors.Select(tensor => tensor.Name).Order(),
            done.Select(tensor => tensor.Name).Order()
        );
        var tooLong = new Dictionary<string, string> { ["echorate.a"] = new string('ä', 64) };
        Assert.Throws<ArgumentException>(() => Run(request with { Texts = tooLong }));
    }

    [Fact]
    public void A_disk_that_fills_up_is_said_in_one_line_and_leaves_nothing()
    {
        using var disk = SmallDisk.Mount(_folder.At("disk"), 256);
        var destination = _folder.At("disk/out.gguf");

        var exception = Assert.Throws<EngineException>(() =>
            Run(Request(Demo(), "Q8_0") with { Destination = destination })
        );

        Assert.Equal($"cannot write {destination}: the disk is full, or failed", exception.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.At("disk")));
    }

    [Fact]
    public void What_a_killed_process_left_an_hour_ago_is_removed_and_nothing_younger()
    {
        var (old, young) = (_folder.At("out.gguf.1.part"), _folder.At("out.gguf.2.part"));
        foreach (var folder in new[] { old, young })
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "out.gguf"), "half");
        }
        File.SetLastWriteTimeUtc(Path.Combine(old, "out.gguf"), DateTime.UtcNow.AddHours(-2));
        Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-2));

        Run(Request(Demo(), "Q8_0"));

        Assert.False(Directory.Exists(old));
        Assert.True(Directory.Exists(young));
    }

    [Fact]
    public void On_cancellation_it_returns_at_once_and_leaves_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var request = Request(Demo(), "Q8_0") with
        {
            Progress = _ =>
            {
                cancellation.Cancel();
                // The native call would go on; it is held until we have looked.
                Thread.Sleep(300);
            },
        };

        Assert.Throws<OperationCanceledException>(() =>
            Quantizer.Quantize(request, cancellation.Token)
        );

        Assert.Equal(["demo.gguf"], Names());
    }

    private static void Run(QuantizeRequest request) =>
        Quantizer.Quantize(request, TestContext.Current.CancellationToken);

    private string Demo()
    {
        var path = _folder.At("demo.gguf");
        DemoCatalogue.Echo.Write(path);
        return path;
    }

    private QuantizeRequest Request(string source, string type) =>
        new()
        {
            Source = source,
            Destination = _folder.At("out.gguf"),
            Type = type,
            Threads = 1,
        };

    private IEnumerable<string?> Names() =>
        Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order();
}
