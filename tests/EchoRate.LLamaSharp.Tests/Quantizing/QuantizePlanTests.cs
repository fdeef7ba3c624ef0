using EchoRate.Cli.Tests.Fixtures;
using EchoRate.Core.Engine;
using EchoRate.DemoModels;
using EchoRate.Gguf;
using EchoRate.LLamaSharp.Quantizing;
using QuantizationNames = EchoRate.LLamaSharp.Quantizing.QuantizationNames;

namespace EchoRate.LLamaSharp.Tests.Quantizing;

/// <summary>What is said beforehand, and what then comes true.</summary>
public sealed class QuantizePlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_plan_names_every_tensor_with_the_type_that_it_then_has()
    {
        var source = TestModels.PathOf("stories260K");
        foreach (var type in new[] { "Q8_0", "Q4_K_M", "F16" })
        {
            var request = Request(source, type);

            var plan = Quantizer().Plan(request);
            Run(request);

            Assert.Empty(Directory.GetDirectories(_folder.Path));
            var made = GgufFile.Read(_folder.File("out.gguf"));
            Assert.Equal(
                made.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Type.ToString()),
                plan.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.To)
            );
            Assert.All(plan.Tensors, tensor => Assert.Equal("F32", tensor.From));
        }
    }

    [Fact]
    public void Planning_writes_nothing()
    {
        Quantizer().Plan(Request(TestModels.PathOf("stories260K"), "Q8_0"));

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Fallbacks_say_what_was_wanted_and_what_was_taken()
    {
        var plan = Quantizer().Plan(Request(TestModels.PathOf("stories260K"), "Q4_K_M"));

        Assert.Contains(
            new TensorFallback("blk.0.attn_q.weight", 64, 256, "Q4_K", "Q5_0"),
            plan.Fallbacks
        );
        Assert.Contains(
            new TensorFallback("blk.1.ffn_down.weight", 172, 256, "Q4_K", "F16"),
            plan.Fallbacks
        );
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
    public void Rows_that_fit_no_block_of_a_type_without_a_fallback_become_F16()
    {
        var request = Request(TestModels.PathOf("stories260K"), "Q8_0");

        var plan = Quantizer().Plan(request);
        Run(request);

        Assert.Contains(
            new TensorFallback("blk.1.ffn_down.weight", 172, 32, "Q8_0", "F16"),
            plan.Fallbacks
        );
        Assert.Equal(
            GgufTensorType.F16,
            GgufFile.Read(_folder.File("out.gguf")).Tensor("blk.1.ffn_down.weight")!.Type
        );
    }

    [Fact]
    public void Every_name_is_known_to_the_loaded_library_and_those_that_need_a_matrix_are_marked()
    {
        var source = Demo();
        foreach (var name in QuantizationNames.All)
        {
            var plan = Quantizer().Plan(Request(source, name) with { Pure = true });
            var most = plan
                .Tensors.Where(tensor => tensor.To != "F32" || name == "F32")
                .CountBy(tensor => tensor.To)
                .MaxBy(count => count.Value)
                .Key;
            Assert.Equal((name, QuantizationNames.MostTensors(name)), (name, most));

            plan = Quantizer().Plan(Request(source, name));
            Assert.Equal(
                (name, QuantizationNames.NeedsImportanceMatrix(name)),
                (name, plan.NeedsImportanceMatrix)
            );
        }
    }

    [Fact]
    public void Every_name_can_be_told_from_a_file_s_name_again()
    {
        foreach (var name in QuantizationNames.All)
        {
            var file = Gguf.QuantizationNames.FileName("m", name, "IQ4_NL");

            Assert.Equal(name, Gguf.QuantizationNames.OfFileName(file));
            Assert.Equal("m", Gguf.QuantizationNames.ModelName(file));
            Assert.Equal(name, QuantizationNames.Find(name.ToLowerInvariant()));
        }
    }

    [Fact]
    public void Metadata_is_added_and_progress_counts_all_tensors()
    {
        var done = new List<TensorDone>();

        Run(
            Request(Demo(), "Q8_0") with
            {
                Texts = new Dictionary<string, string>
                {
                    ["echorate.a"] = new string('ä', 63),
                    ["echorate.b"] = "",
                },
                Numbers = new Dictionary<string, uint> { ["echorate.n"] = uint.MaxValue },
                Progress = done.Add,
            }
        );

        var made = GgufFile.Read(_folder.File("out.gguf"));
        Assert.Equal(new string('ä', 63), made.Metadata.Text("echorate.a"));
        Assert.Equal("", made.Metadata.Text("echorate.b"));
        Assert.Equal(uint.MaxValue, made.Metadata.WholeNumber("echorate.n"));
        Assert.Equal(Enumerable.Range(1, made.Tensors.Length), done.Select(tensor => tensor.Index));
        Assert.All(done, tensor => Assert.Equal(made.Tensors.Length, tensor.Count));
        Assert.Equal(
            made.Tensors.Select(tensor => tensor.Name).Order(),
            done.Select(tensor => tensor.Name).Order()
        );
        Assert.Throws<ArgumentException>(() =>
            Run(
                Request(Demo(), "Q8_0") with
                {
                    Texts = new Dictionary<string, string> { ["echorate.a"] = new string('ä', 64) },
                }
            )
        );
    }

    [Fact]
    public void What_verifying_refuses_never_gets_its_name()
    {
        var request = Request(Demo(), "Q8_0") with
        {
            Verify = _ => throw new InvalidDataException("no"),
        };

        Assert.Throws<InvalidDataException>(() => Run(request));

        Assert.Equal(["demo.gguf"], Names());
    }

    [Fact]
    public void A_disk_that_fills_up_is_said_in_one_line_and_leaves_nothing()
    {
        using var disk = SmallDisk.TryMake(_folder.File("disk"), 256);
        Assert.SkipWhen(
            disk is null,
            "a small file system cannot be mounted here (needs Linux and root)"
        );
        var destination = _folder.File("disk/out.gguf");

        var exception = Assert.Throws<EngineException>(() =>
            Run(Request(Demo(), "Q8_0") with { Destination = destination })
        );

        Assert.Equal($"cannot write {destination}: the disk is full, or failed", exception.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("disk")));
    }

    [Fact]
    public void What_a_killed_process_left_an_hour_ago_is_removed_and_nothing_younger()
    {
        var (old, young) = (_folder.File("out.gguf.1.part"), _folder.File("out.gguf.2.part"));
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
            Quantizer().Quantize(request, cancellation.Token)
        );

        Assert.Equal(["demo.gguf"], Names());
    }

    private static Quantizer Quantizer() => new(TestLibrary.Load());

    private static void Run(QuantizeRequest request) =>
        Quantizer().Quantize(request, TestContext.Current.CancellationToken);

    private string Demo()
    {
        var path = _folder.File("demo.gguf");
        DemoCatalogue.Echo.Write(path);
        return path;
    }

    private QuantizeRequest Request(string source, string type) =>
        new()
        {
            Source = source,
            Destination = _folder.File("out.gguf"),
            Type = type,
            Threads = 1,
        };

    private IEnumerable<string?> Names() =>
        Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName);
}
