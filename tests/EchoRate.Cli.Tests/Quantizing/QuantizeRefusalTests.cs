using EchoRate.Cli.Tests.BadInput;

namespace EchoRate.Cli.Tests.Quantizing;

/// <summary><c>echorate quantize</c> where it must not: one line, one code, nothing written.</summary>
public sealed class QuantizeRefusalTests(DemoRun demo) : IDisposable
{
    private const string AllTypes =
        "F32, F16, BF16, Q8_0, Q6_K, Q5_K_M, Q5_K_S, Q5_1, Q5_0, Q4_K_M, Q4_K_S, IQ4_NL, IQ4_XS, Q4_1, Q4_0, MXFP4_MOE, "
        + "Q3_K_L, Q3_K_M, Q3_K_S, IQ3_M, IQ3_S, IQ3_XS, IQ3_XXS, Q2_K, Q2_K_S, Q2_0, IQ2_M, IQ2_S, IQ2_XS, IQ2_XXS, TQ2_0, TQ1_0, IQ1_M, IQ1_S, Q1_0";

    private const string TensorTypes =
        "F32, F16, BF16, Q8_0, Q6_K, Q5_K, Q5_1, Q5_0, Q4_K, Q4_1, Q4_0, IQ4_NL, IQ4_XS, MXFP4, Q3_K, IQ3_S, IQ3_XXS, Q2_K, Q2_0, Q1_0";

    private const string Elsewhere = "; move it, or choose another folder with --out";

    private readonly Workplace _here = new();

    public void Dispose() => _here.Dispose();

    [Theory]
    [InlineData(2, "", "a source is missing: echorate quantize SRC.gguf --to Q8_0,Q4_K_M")]
    [InlineData(
        2,
        "m.gguf",
        "--to is missing: the quantizations to make, as in --to Q8_0,Q4_K_M ('--to list' prints them all)"
    )]
    [InlineData(2, "m-F16.gguf --to Q8_0,Q9", "--to: 'Q9' is not allowed; allowed: " + AllTypes)]
    [InlineData(2, "m-F16.gguf --to Q4_K,Q4_K_M", "--to: 'Q4_K_M' is given twice")]
    [InlineData(
        2,
        "m-F16.gguf --to Q8_0 --token-embd-type IQ1_S",
        "--token-embd-type: 'IQ1_S' is not allowed; allowed: "
            + TensorTypes
            + " (echorate quantize --help lists what is allowed)"
    )]
    [InlineData(
        2,
        "m-F16.gguf --to Q8_0,IQ2_XXS",
        "--to: IQ2_XXS of this model needs an importance matrix; give one with --imatrix FILE (llama-imatrix makes it)"
    )]
    [InlineData(
        3,
        "none.gguf --to Q8_0",
        "{folder}/none.gguf: There is no file '{folder}/none.gguf'."
    )]
    [InlineData(
        3,
        "m-F16.gguf --to Q4_0 --imatrix garbage.gguf",
        "{folder}/garbage.gguf: is no importance matrix: neither a GGUF file nor an imatrix.dat of llama-imatrix"
    )]
    [InlineData(
        3,
        "m-F16.gguf --to Q4_0 --imatrix m-F16.gguf",
        "{folder}/m-F16.gguf: is a GGUF file, but no importance matrix (general.type is 'model')"
    )]
    public void What_is_asked_for_wrongly_is_one_line(int code, string words, string line)
    {
        Model("m-F16.gguf");
        _here.Folder.Write("garbage.gguf", "this is not a model file at all");
        Refuses(code, line, words);
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused_with_its_first_problem()
    {
        var garbage = _here.Folder.Write("garbage.gguf", "this is not a model file at all");
        GgufFile.TryRead(garbage, out _, out var problems);
        Refuses(3, $"{garbage}: {problems[0].Message}", "garbage.gguf --to Q8_0");
    }

    [Fact]
    public void A_quantized_source_is_refused()
    {
        var model = Model("m-Q8_0.gguf", "demo-echo-Q8_0");
        var quantized = GgufFile.Read(model).Tensors.Count(tensor => tensor.Type.IsQuantized());

        Refuses(
            2,
            $"{model}: is quantized already ({quantized} tensors of type Q8_0), and Q4_0 would quantize it again, "
                + "at a loss that the name does not tell; quantize an F16, BF16 or F32 file, or say --allow-requantize",
            "m-Q8_0.gguf --to Q4_0"
        );
    }

    [Theory]
    [InlineData(null, "is no whole GGUF file")]
    [InlineData("demo-echo-F16", "was not made by echorate quantize")]
    [InlineData("demo-echo-Q8_0", "was made from demo-echo-F16.gguf")]
    public void A_foreign_file_in_the_way_is_not_touched_and_nothing_else_is_made(
        string? model,
        string why
    )
    {
        Model("m-F16.gguf");
        if (model is null)
        {
            _here.Folder.Write("m-Q8_0.gguf", "precious");
        }
        else
        {
            Model("m-Q8_0.gguf", model);
        }

        Refuses(
            3,
            $"{{folder}}/m-Q8_0.gguf: is there already and {why}{Elsewhere}",
            "m-F16.gguf --to Q6_K,Q8_0"
        );
    }

    [Fact]
    public void A_forced_type_that_the_rows_do_not_fit_is_refused()
    {
        _here.Folder.Write("m-F32.gguf", File.ReadAllBytes(TrainedRun.Model()));
        Refuses(
            2,
            "--token-embd-type: rows of token_embd.weight have 64 values, which are not whole blocks of 256 as Q6_K needs them; choose another type",
            "m-F32.gguf --to Q8_0 --token-embd-type Q6_K --out ."
        );
    }

    [Fact]
    public void A_folder_that_is_a_file_is_refused()
    {
        Model("m-F16.gguf");
        _here.Folder.Write("out", "");
        var before = _here.Folder.Snapshot();

        var outcome = Program.Echorate.Run(
            _here.Folder.Path,
            "quantize m-F16.gguf --to Q8_0 --out out"
        );

        Assert.Equal(3, outcome.ExitCode);
        Assert.StartsWith("echorate: ", outcome.ErrorLines[^1]);
        Assert.Equal(before, _here.Folder.Snapshot());
    }

    private void Refuses(int code, string line, string words) =>
        _here.Refuses(
            code,
            line,
            ["quantize", .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)]
        );

    private string Model(string name, string source = "demo-echo-F16") =>
        _here.Folder.Write(name, File.ReadAllBytes(demo.Model(source)));
}
