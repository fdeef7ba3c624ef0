namespace EchoRate.Cli.Tests.Quantizing;

/// <summary>An importance matrix, made here for a demo model, on its way through the program into llama.cpp.</summary>
public sealed class ImportanceMatrixRunTests(DemoRun demo) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void With_one_the_types_that_need_one_are_made_and_say_so()
    {
        var outcome = Quantize("IQ2_XXS", Matrix(_ => 1f));

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal([_folder.At("demo-echo-IQ2_XXS-imat.gguf")], outcome.OutLines);
        var file = GgufFile.Read(outcome.OutLines[0]);
        Assert.True(ModelFacts.From(file).Imatrix);
        Assert.Equal("matrix.gguf", file.Metadata.Text("quantize.imatrix.file"));
        Assert.Equal("a text", file.Metadata.Text("quantize.imatrix.dataset"));
        Assert.Equal(7, file.Metadata.WholeNumber("quantize.imatrix.chunks_count"));
        Assert.Matches(
            "^IQ2_XXS --imatrix [0-9a-f]{16}$",
            file.Metadata.Text("echorate.quantize_options")
        );
    }

    [Fact]
    public void Another_matrix_makes_another_file_which_is_not_overwritten()
    {
        Quantize("Q4_0", Matrix(_ => 1f));

        var outcome = Quantize("Q4_0", Matrix(_ => 2f));

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains(
            "is there already and was made with other options (Q4_0 --imatrix ",
            Assert.Single(outcome.ErrorLines)
        );
    }

    [Fact]
    public void One_of_another_model_is_refused_beforehand()
    {
        var outcome = Quantize("Q4_0", Matrix(_ => 1f, extraColumns: 32));

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("is of another model: ", Assert.Single(outcome.ErrorLines));
    }

    [Fact]
    public void One_that_lacks_a_tensor_is_refused_only_where_the_type_needs_it()
    {
        var gap = Matrix(_ => 1f, without: "attn_q");

        var outcome = Quantize("IQ2_XXS", gap);
        Assert.Equal(3, outcome.ExitCode);
        Assert.EndsWith(
            "has nothing for blk.0.attn_q.weight, which IQ2_XXS needs it for",
            Assert.Single(outcome.ErrorLines)
        );
        Assert.Equal(0, Quantize("Q4_0", gap).ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    private Outcome Quantize(string type, string matrix, string folder = ".") =>
        Echorate.Run(
            _folder.Path,
            $"quantize {demo.Model("demo-echo-F16")} --to {type} --imatrix {matrix} --out {folder} "
                + "--threads 1"
        );

    // As llama-imatrix writes it: sums of squares and counts for every weight of the layers.
    private string Matrix(Func<int, float> importance, int extraColumns = 0, string without = "-")
    {
        var writer = new GgufWriter()
            .Add("general.type", GgufValue.Text("imatrix"))
            .Add("imatrix.datasets", GgufValue.TextArray(["a text"]))
            .Add("imatrix.chunk_count", GgufValue.U32(7))
            .Add("imatrix.chunk_size", GgufValue.U32(512));
        foreach (
            var tensor in GgufFile
                .Read(demo.Model("demo-echo-F16"))
                .Tensors.Where(tensor =>
                    tensor.Name.StartsWith("blk.")
                    && tensor.Dimensions.Length == 2
                    && !tensor.Name.Contains(without)
                )
        )
        {
            var columns = tensor.Dimensions[0] + extraColumns;
            var sums = Enumerable.Range(0, (int)columns).Select(column => 10 * importance(column));
            writer
                .AddTensor(
                    tensor.Name + ".in_sum2",
                    [columns, 1],
                    GgufTensorType.F32,
                    sums.ToArray()
                )
                .AddTensor(tensor.Name + ".counts", [1, 1], GgufTensorType.F32, new[] { 10f });
        }
        writer.Write(_folder.At("matrix.gguf"));
        return _folder.At("matrix.gguf");
    }
}
