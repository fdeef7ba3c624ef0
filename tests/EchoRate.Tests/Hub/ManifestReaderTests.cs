using EchoRate.Hub.Manifests;

namespace EchoRate.Tests.Hub;

public class ManifestReaderTests
{
    private const string Everything = """
        schema_version: 1
        models:
          - name: twin
            family: gemma2
            tuning: it
            source: google/gemma-2-2b-it
            licence: { name: Gemma Terms of Use, url: "https://ai.google.dev/gemma/terms", gated: true }
            published: gemma2-2b
            files:
              - quant: mxfp4
                repo: org/name.x
                revision: 855F67CAED130E1BEFC571B52BD181BE2E858883
                parts:
                  - { path: f/m-00002-of-00002.gguf }
                  - path: f/m-00001-of-00002.gguf
                    bytes: 7
                    sha256: E0AEE85060F168F0F2D8473D7EA41CE2F3230C1BC1374847505EA599288A7787
          - name: "7"
            files: [{ quant: q3_k, path: 'C:\models\x y.gguf', bytes: 12 }]
        """;

    private static readonly Manifest _two = Parse(
        """
        schema_version: 1
        models:
          - name: alpha
            files: [{ quant: F16, path: a }, { quant: Q8_0, path: b }, { quant: Q4_K_M, path: c }]
          - name: beta
            files: [{ quant: Q8_0, path: d }, { quant: Q2_K, path: e }]
        """
    );

    [Fact]
    public void Everything_that_is_written_is_read()
    {
        var models = Parse(Everything).Models;

        Assert.Equal(["twin", "7"], models.Select(model => model.Name));
        var (twin, seven) = (models[0], models[1]);
        Assert.Equal(("gemma2", "it"), (twin.Family, twin.Tuning));
        Assert.Equal(("google/gemma-2-2b-it", "gemma2-2b"), (twin.Source, twin.Published));
        Assert.Equal(
            "Gemma Terms of Use, to be accepted first (https://ai.google.dev/gemma/terms)",
            twin.Licence!.Describe()
        );
        Assert.Null(seven.Licence);
        Assert.Equal(
            ("Q3_K_M", @"C:\models\x y.gguf", 12L),
            (seven.Files[0].Quant, seven.Files[0].Parts[0].Path, seven.Files[0].Bytes!.Value)
        );
    }

    [Fact]
    public void Parts_stand_first_part_first_and_hex_digits_in_lower_case()
    {
        var file = Parse(Everything).Models[0].Files[0];

        Assert.Equal(("MXFP4_MOE", "org/name.x"), (file.Quant, file.Repo));
        Assert.Equal("855f67caed130e1befc571b52bd181be2e858883", file.Revision);
        Assert.Equal(
            ["f/m-00001-of-00002.gguf", "f/m-00002-of-00002.gguf"],
            file.Parts.Select(part => part.Path)
        );
        Assert.Equal(
            "e0aee85060f168f0f2d8473d7ea41ce2f3230c1bc1374847505ea599288a7787",
            file.Parts[0].Sha256
        );
        Assert.Null(file.Bytes);
    }

    [Theory]
    [InlineData("\n", "")]
    [InlineData("\r\n", "")]
    [InlineData("\r\n", "\uFEFF")]
    public void Line_ends_and_a_byte_order_mark_do_not_matter(string lineEnd, string mark)
    {
        var manifest = Parse(mark + Everything.ReplaceLineEndings(lineEnd));

        Assert.Equal(["twin", "7"], manifest.Models.Select(model => model.Name));
    }

    [Theory]
    [InlineData("Q4_K_M", "Q4_K_M")]
    [InlineData("q4_k", "Q4_K_M")]
    [InlineData("bf16", "BF16")]
    [InlineData("MXFP4", "MXFP4_MOE")]
    [InlineData("Q4_K_L", null)]
    [InlineData("COPY", null)]
    public void Quantizations_bear_the_names_of_llama_quantize(string text, string? name) =>
        Assert.Equal(name, QuantizationNames.Normalise(text));

    [Theory]
    [InlineData("", "", "alpha F16, alpha Q8_0, alpha Q4_K_M, beta Q8_0, beta Q2_K")]
    [InlineData("beta", "", "beta Q8_0, beta Q2_K")]
    [InlineData("beta ALPHA beta", "q4_k q8_0", "alpha Q8_0, alpha Q4_K_M, beta Q8_0")]
    [InlineData("", "Q2_K", "beta Q2_K")]
    public void Names_choose_in_the_manifests_order(string models, string quants, string chosen) =>
        Assert.Equal(
            chosen,
            string.Join(
                ", ",
                _two.Select(Words(models), Words(quants))
                    .Select(entry => $"{entry.Model.Name} {entry.File.Quant}")
            )
        );

    [Theory]
    [InlineData("gamma", "", "model 'gamma'; there are: alpha, beta")]
    [InlineData("alhpa", "", "model 'alhpa'; there are: alpha, beta")]
    [InlineData("beta", "Q4KM", "quant 'Q4KM'; there are: Q8_0, Q2_K")]
    [InlineData("beta", "F16", "quant 'F16'; there are: Q8_0, Q2_K")]
    [InlineData("", "Q8-1", "quant 'Q8-1'; there are: F16, Q8_0, Q4_K_M, Q2_K")]
    public void A_name_that_is_not_there_is_refused_with_those_that_are(
        string models,
        string quants,
        string message
    ) =>
        Assert.Equal(
            "unknown " + message,
            Assert
                .Throws<SelectionException>(() => _two.Select(Words(models), Words(quants)))
                .Message
        );

    private static string[] Words(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static Manifest Parse(string yaml) =>
        ManifestReader.Parse(Encoding.UTF8.GetBytes(yaml), "m.yaml");
}
