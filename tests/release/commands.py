"""Command lines that between them reach every part of the program.

Each is (arguments, standard input).
"""
CHAIN = "conv3-64,relu,maxpool,conv3-128 s2 d2 g2 b0,bn,gap,FC-1000,softmax"
BRANCHES = ("a: conv1-64, add(conv3-64 b0,bn,relu | id), cat(@a | conv1-32, conv3-32 | gap,"
            "resize224), aux(gap,FC-10), se-16, split(id | conv3-c), shuffle2")
PROGRAM = b"""input 3x224x224
# a comment
width = 16
block(n, s=1) = conv3-n s(s) b0, bn, relu,
  conv3-n b0, bn
step(n) = add(block(n) | id), relu
stem: (conv7-width s2, maxpool3/2 p1)
body: (2*step(width))
gap, FC-1000
"""
MANY = ["--layers", "20000*relu", "-f", "tsv", "-c", "index"]
LINES = b"""conv3-64,maxpool,FC-4096
# a comment

input 28 gray; conv5-6 p0, avgpool
conv3-
20000*conv1-(c+1)
\xff
conv3-8,relu\r
neck(n)=add(conv1-n | id); 2*neck(3)"""

NET = ["-i", "vector3", "-l", "FC-4,sigmoid,FC-2,sigmoid"]

COMMANDS = [
    (["--input", "224", "--layers", "conv3-64,maxpool,FC-4096"], b""),
    (["-l", CHAIN, "-a"], b""),
    (["-l", BRANCHES, "-a"], b""),
    (["-l", BRANCHES], b""),
    (["-i", "vector784", "-l", "FC-100,relu,FC-10"], b""),
    (["-i", "28 gray", "-l", "conv5-6 p0,avgpool", "-l", "conv5-16 p0", "-l", "FC-10"], b""),
    (["-f", "tsv", "-l", CHAIN], b""),
    (["-f", "csv", "-l", BRANCHES], b""),
    (["-f", "json", "-l", BRANCHES], b""),
    (["-f", "markdown", "-l", CHAIN], b""),
    (["-c", "layer,output,rf,jump,start", "-l", CHAIN], b""),
    (["-c", "+activations,memory", "--dtype", "f16", "--samples", "8", "-l", CHAIN], b""),
    (["vgg-d"], b""),
    (["resnet50"], b""),
    (["resnet50", "--all", "-f", "csv"], b""),
    (["googlenet", "-f", "json"], b""),
    (["densenet121", "-a", "-f", "tsv"], b""),
    (["examples/unet.cnn"], b""),
    (["examples/unet.cnn", "-a", "-c", "+rf"], b""),
    (["-"], PROGRAM),
    (["-", "-D", "width=32", "--all"], PROGRAM),
    (["-", "-i", "3x64x64", "-f", "json"], PROGRAM),
    (["-"], b"relu\n" * 5000),
    (["--list"], b""),
    (["--help"], b""),
    (["--help", "layers"], b""),
    (["-c", "help"], b""),
    (["-f", "help"], b""),
    (["--version"], b""),
    (["-l", "conv3-64,maxpool,conv3-"], b""),
    (["-l", "f(n)=n*relu; g(n)=n*f(n); q(n)=n*g(n); q(1000)"], b""),
    (["-l", "conv9-9 p0", "-i", "3"], b""),
    (["-l", "relu", "-i", "0"], b""),
    (["-l", "relu", "-c", "nothing"], b""),
    (["-l", "relu", "-f", "nothing"], b""),
    (["nothing"], b""),
    (["resnet51"], b""),
    (["examples"], b""),
    (["-l"], b""),
    (["--nothing"], b""),
    ([], b""),
    (["-l", "3000*relu"], b""),
    (["-l", "3000*relu", "-l", "200*(conv3-8,bn)", "-a", "-f", "json"], b""),
    (["-l", "2000*add(conv3-c | id)", "-c", "+rf,activations"], b""),
    (MANY, b""),
    (["-e", "-l", CHAIN], b""),
    (["-e", "-l", BRANCHES, "-f", "markdown"], b""),
    (["--explain", "alexnet", "-f", "latex"], b""),
    (["--batch"], LINES),
    (["-b", "-f", "json"], LINES),
    (["-b", "-f", "csv", "-c", "line,input,output,params,activations,error", "-i", "64"], LINES),
    (["-b", "--jobs", "2"], LINES * 20),
    (["-b", "--jobs", "2"], b"conv3-64,relu,maxpool\n" * 20000),
    (["-b"], b"30000*conv1-(c+1)\n" * 3),
    (["-b", "-c", "help"], b""),
    (["-b", "nothing"], b""),
    (["-b", "-c", "nothing"], LINES),
    (["-b", "examples"], b""),
    (["-"], b"relu\n" * 20000),
    (["-f", "svg", "-l", CHAIN], b""),
    (["-f", "svg", "-a", "examples/unet.cnn"], b""),
    (["-f", "dot", "-l", BRANCHES], b""),
    (["-f", "latex", "--standalone", "-l", CHAIN], b""),
    (["-l", "conv3-64,bn,relu,gap,FC-10", "--like", "torchinfo"], b""),
    (["vgg-d", "--like", "ptflops", "-f", "json"], b""),
    (["vgg-a", "--check", "44782952"], b""),
    (["vgg-a", "--check", "params=132863336", "--check", "output=1000", "-f", "json"], b""),
    (["vgg-a", "--check", "@examples/vgg-a.answers.tsv"], b""),
    (["vgg-a", "--check", "@-"], b"layer\tparams\nconv3-64\t1728\nconv3-128\t73,856\n"),
    (["-i", "224", "-l", "conv7-64 s2 p3", "--check", "output=113"], b""),
    (["-i", "224", "-l", "conv7-64 s2 p?, maxpool", "--want", "56"], b""),
    (["-i", "32", "-l", "conv3-?, conv3-? s2, gap, FC-10", "-w", "macs<=1M", "-w", "params<=5K"],
     b""),
    (["-i", "224", "-l", "conv7-64 s? p0, maxpool", "--want", "57", "-f", "json"], b""),
    ([*NET, "--gradients"], b""),
    ([*NET, "-g", "-f", "latex"], b""),
    ([*NET, "-g", "--random", "1", "-f", "json"], b""),
    (["-i", "2x6x6", "-l", "conv3-4/2 p1,relu,maxpool2,FC-3", "-g", "--loss", "cross-entropy",
      "--random", "7"], b""),
    (["-i", "vector2", "-l", "FC-2,relu,FC-1", "-g", "--values", "examples/mlp.values"], b""),
    (["-i", "vector2", "-l", "FC-2,relu,FC-1", "-g", "--values", "-"], b"x = [1 2]\ny = [3"),
    ([*NET, "--check", "@examples/backprop.sheet"], b""),
    ([*NET, "--check", "@examples/backprop.sheet", "-f", "json"], b""),
    ([*NET, "--check", "dz2 = 2*(y - a2) .* a2 .* (1 - a2)", "--check", "dW2 = dz2 * a1^T"], b""),
    ([*NET, "--check", "dW1 = dz1 * y^^2"], b""),
]
