using System.Text.RegularExpressions;
using EchoRate.Core.Engine;
using EchoRate.LLamaSharp.Loading;
using EchoRate.LLamaSharp.Tests.Fixtures;
using LLama.Native;

namespace EchoRate.LLamaSharp.Tests.Loading;

public sealed class ModelSettingsTests
{
    public ModelSettingsTests() => TestLibrary.Load();

    [Fact]
    public void Without_layers_on_a_GPU_no_device_is_opened()
    {
        var settings = ModelSettings.Of("m.gguf", new LoadOptions(), []);

        Assert.Equal(0, settings.GpuLayerCount);
        Assert.Equal(GPUSplitMode.None, settings.SplitMode);
        Assert.Equal(-1, settings.MainGpu);
    }

    [Fact]
    public void Experts_of_the_first_layers_stay_on_the_CPU()
    {
        var overrides = ModelSettings
            .Of("m.gguf", new LoadOptions { GpuLayers = -1, CpuExpertLayers = 2 }, [])
            .TensorBufferOverrides;

        Assert.All(overrides, entry => Assert.Equal("CPU", entry.BufferType));
        bool Stays(string tensor) =>
            overrides.Exists(entry => Regex.IsMatch(tensor, entry.Pattern));
        Assert.True(Stays("blk.0.ffn_up_exps.weight"));
        Assert.True(Stays("blk.1.ffn_gate_up_exps.weight"));
        Assert.True(Stays("blk.1.ffn_down_chexps.weight"));
        Assert.False(Stays("blk.2.ffn_up_exps.weight"));
        Assert.False(Stays("blk.11.ffn_up_exps.weight"));
        Assert.False(Stays("blk.0.attn_q.weight"));
    }

    [Fact]
    public void A_metadata_key_that_would_not_fit_is_refused()
    {
        foreach (var key in (string[])["", new string('k', 128), "a\0b"])
        {
            Assert.Throws<ArgumentException>(() =>
                ModelSettings.Of("m.gguf", new Dictionary<string, bool> { [key] = true })
            );
        }
    }
}
