"""The networks of `architectures`: counts, and torchvision's networks where torchvision is installed."""

import unittest

import torch
from architectures import UnknownArchitectureError, create_network, library_path
from torch import nn
from torch.nn.functional import cross_entropy

try:
    import torchvision
except (ImportError, RuntimeError) as error:  # RuntimeError: one that was built for another torch
    torchvision = None
    print(f"no comparison with torchvision: {error}")


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


class Architectures(unittest.TestCase):
    def test_counts(self) -> None:
        """arXiv 2003.00152, Table 1, the code of its authors for VGG, and torchvision's count of MobileNetV2."""
        imagenet = ((224, 224, 3), 1000)
        for name, options, expected in [
            ("cifar-resnet-14", (), 175_258),
            ("cifar-resnet-14-4", (), 2_777_674),
            ("imagenet-resnet-18", imagenet, 11_689_512),
            ("imagenet-resnet-200", imagenet, 64_673_832),
            ("cifar-vgg-11", (), 9_231_114),
            ("cifar-vgg-19", (), 20_040_522),
            ("mobilenet-v2", imagenet, 3_504_872),
        ]:
            with self.subTest(name), torch.device("meta"):
                self.assertEqual(count(create_network(name, *options)), expected)

    def test_unknown_names(self) -> None:
        for name in ["", "cifar-resnet-15", "imagenet-resnet-19", "cifar-vgg-12", "mlp-1-8", "vgg-11"]:
            with self.subTest(name), self.assertRaises(UnknownArchitectureError):
                create_network(name)

    def test_paths_are_distinct(self) -> None:
        for name in ["imagenet-resnet-50", "mobilenet-v2", "cifar-densenet-16-6"]:
            with self.subTest(name), torch.device("meta"):
                network = create_network(name)
                modules = [
                    module for module, layer in network.named_modules() if [*layer.parameters(False)]
                ]
                paths = {library_path(network, module) for module in modules}
                self.assertEqual(len(paths), len(modules))
                self.assertFalse([path for path in paths if "features" in path or "layer1/0" in path])

    @unittest.skipIf(torchvision is None, "torchvision is not installed")
    def test_names_of_torchvision(self) -> None:
        theirs = {f"imagenet-resnet-{depth}": f"resnet{depth}" for depth in (18, 34, 50, 101, 152)}
        for name, function in {**theirs, "mobilenet-v2": "mobilenet_v2"}.items():
            with self.subTest(name), torch.device("meta"):
                found = create_network(name, (224, 224, 3), 1000).state_dict()
                expected = getattr(torchvision.models, function)().state_dict()
                shapes = [{key: value.shape for key, value in state.items()} for state in (found, expected)]
                self.assertEqual(*shapes)

    @unittest.skipIf(torchvision is None, "torchvision is not installed")
    def test_torchvision(self) -> None:
        """The same names, and with the same weights the same logits, loss and gradients."""
        for name, theirs in [
            ("imagenet-resnet-18", "resnet18"),
            ("imagenet-resnet-50", "resnet50"),
            ("mobilenet-v2", "mobilenet_v2"),
        ]:
            with self.subTest(name):
                torch.manual_seed(0)
                options = {"dropout": 0.0} if theirs == "mobilenet_v2" else {}
                expected = getattr(torchvision.models, theirs)(num_classes=7, **options).double()
                network = create_network(name, (32, 32, 3), 7).double()
                network.load_state_dict(expected.state_dict())
                images = torch.randn(4, 3, 32, 32, dtype=torch.float64)
                labels = torch.tensor([0, 3, 6, 3])
                losses = []
                for each in (network, expected):
                    losses.append(cross_entropy(each(images), labels))
                    losses[-1].backward()
                torch.testing.assert_close(*losses)
                gradients = {key: value.grad for key, value in network.named_parameters()}
                for key, value in expected.named_parameters():
                    error = (gradients.pop(key) - value.grad).norm() / value.grad.norm()
                    self.assertLess(error.item(), 1e-9, key)
                self.assertEqual(gradients, {})
                torch.testing.assert_close(network.eval()(images), expected.eval()(images))


if __name__ == "__main__":
    unittest.main()
