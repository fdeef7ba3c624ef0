namespace EchoRate.Cli.Tests.Quantizing;

/// <summary>An importance matrix, made here for a demo model, on its way through the program into llama.cpp.</summary>
public sealed class ImportanceMatrixRunTests(DemoRun demo) : ProgramTests
{
    [Fact]
    public void With_one_the_types_that_need_one_are_made_and_say_so()
    {
        Matrix(1);

        var outcome = Run(Words("IQ2_XXS"));

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal([Folder.At("demo-echo-IQ2_XXS-imat.gguf")], outcome.OutLines);
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
    public void One_of_another_model_or_that_lacks_a_tensor_is_refused_where_the_type_needs_it()
    {
        Matrix(1, extraColumns: 32);
        Refuses(3, "{folder}/matrix.gguf: is of another model: …", Words("Q4_0"));

        Matrix(1, without: "attn_q");
        Refuses(
            3,
            "{folder}/matrix.gguf: has nothing for blk.0.attn_q.weight, which IQ2_XXS needs it for",
            Words("IQ2_XXS")
        );
        Assert.Equal(0, Run(Words("Q4_0")).ExitCode);

        // Another matrix makes another file, which is not overwritten.
        Matrix(2);
        Refuses(
            3,
            "{folder}/demo-echo-Q4_0-imat.gguf: is there already and was made with other options (Q4_0 --imatrix …",
            Words("Q4_0")
        );
    }

    private string Words(string type) =>
        $"quantize {demo.Model("demo-echo-F16")} --to {type} --imatrix matrix.gguf --out . --threads 1";

    // As llama-imatrix writes it: sums of squares and counts for every weight of the layers.
    private void Matrix(float importance, int extraColumns = 0, string without = "-")
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
            var sums = new float[columns];
            Array.Fill(sums, 10 * importance);
            writer
                .AddTensor(tensor.Name + ".in_sum2", [columns, 1], GgufTensorType.F32, sums)
                .AddTensor(tensor.Name + ".counts", [1, 1], GgufTensorType.F32, new[] { 10f });
        }
        writer.In(Folder, "matrix.gguf");
    }
}
